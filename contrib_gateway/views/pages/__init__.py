"""The published pages, as editors work on them: corrected, brought together, taken back in time."""

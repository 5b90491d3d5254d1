"""What is written through the site in private: to a structure, and to the editors."""

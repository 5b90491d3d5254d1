"""The watch at work: sources are asked, what they publish is kept, clustered, qualified, shared."""

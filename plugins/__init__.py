"""What the site needs, with or without the gateway: the model, its pages, and Pelican's plugins."""

"""What is known of the runs of a site, and what the statistics conclude from it, once for all pages."""

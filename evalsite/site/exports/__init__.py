"""What the pages show, for machines: records and tables, the search index, badges, the feed, a sitemap."""

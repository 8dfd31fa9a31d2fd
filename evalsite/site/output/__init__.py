"""Views -> bytes -> the folder of a site: templates, assets, packs, and what the last build left."""

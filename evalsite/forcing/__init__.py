"""Teacher forcing: two models led along the same text by their servers, and asked what comes next."""

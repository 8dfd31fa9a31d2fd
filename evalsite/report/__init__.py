"""Results for people and for scripts outside of the site: text, Markdown, JSON, JUnit. Pure strings."""

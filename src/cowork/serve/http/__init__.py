"""Request handlers, websockets, static assets and response caching."""

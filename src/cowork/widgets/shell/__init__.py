"""The shell: the frame around every page, its navigation, and the connection to the server."""

"""The server and the command line: the top layer, and the only one that uses Voilà.

Nothing is imported in this file: every kernel imports this package (`cowork.serve.kernels.launcher`) and must not load
the server.
"""

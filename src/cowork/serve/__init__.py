"""The top floor: the server that opens the door, and the command line.

Nothing is imported here, because every kernel passes through this package (`cowork.serve.kernels.launcher`) and must
not pay for the server. Only this floor knows Voilà.
"""

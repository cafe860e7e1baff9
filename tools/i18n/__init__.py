"""Tools for those who keep the words: the catalogues, and where the code asks for them. In no wheel."""

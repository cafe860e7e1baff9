"""For Voilà inside a Jupyter server, as on Binder: our pages, without our door and our care for kernels.

Read from `JUPYTER_CONFIG_PATH` (see binder/start). Whoever holds that server's own token holds everything on it.
"""

from traitlets.config import get_config

from cowork.serve.configuration import pages

pages(get_config())

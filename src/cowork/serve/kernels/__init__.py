"""The kernels of pages: a fork server, the provisioner and manager that use it, and capacity. See README.md here."""

"""The editor in a browser on this computer: pages that need no script."""

"""How the bundled image sets are made from Debian packages. The product itself never imports this."""

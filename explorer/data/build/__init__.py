"""How the bundled image sets are made: of Debian packages, and by a drawing program. The product never imports this."""

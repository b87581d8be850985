"""What the dashboard needs: signing in, rights, and the lists behind its pages."""

"""Who works here: logging in, a second factor, invitations and roles. Built of Django's own parts."""

"""Words that every room shares: interface names, the words of BGP, secrets and how to hide them."""

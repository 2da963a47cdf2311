"""From statements to the router that they describe, a part of the hierarchy each."""

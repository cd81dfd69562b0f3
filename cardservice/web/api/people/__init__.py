"""People, policies, change of insurer, merging, erasing."""

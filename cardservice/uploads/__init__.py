"""Files from strangers: scans of documents and tables of people, judged before they are kept."""

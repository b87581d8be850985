"""Pictures from elsewhere: guarded download, safe decoding, fitting to a size limit."""

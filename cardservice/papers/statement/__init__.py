"""The signed statement in a certificate's QR code, which a desk verifies without a network."""

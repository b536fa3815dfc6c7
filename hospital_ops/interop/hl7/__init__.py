"""HL7 v2: bytes of a feed → messages → movements of the domain. Translates and decides nothing."""

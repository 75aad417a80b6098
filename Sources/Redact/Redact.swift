// Redact

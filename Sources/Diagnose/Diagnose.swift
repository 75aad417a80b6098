// Diagnose

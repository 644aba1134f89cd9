// Four floats a register: SSE2 and NEON, and correct on anything else. Every other variant is held
// against this one.
#define LANES 4
#define TILE 4
#define WIDTH 16
#define NAME "portable"
#define TABLE honePortable
#include "variant.inc.h"

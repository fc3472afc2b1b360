// A constant of the right name and too few bytes.
extern "C" {
extern __attribute__((visibility("default"))) const int etude_plugin;
const int etude_plugin = 1;
}

// The classic: a function that would return the table.
extern "C" __attribute__((visibility("default"))) const void* etude_plugin() { return nullptr; }

#include "cli/command.hpp"

namespace etude::cli {

void add_plugin_option(CLI::App& command, Places& places) {
    command.add_option("--plugins", places.plugins, "Folder with plugins, or one plugin file; may be given several times. ETUDE_PLUGINS adds more")
        ->type_name("DIR|FILE")
        ->allow_extra_args(false);
}

void add_data_option(CLI::App& command, Places& places) {
    command.add_option("--data", places.data, "Folder with data sets; may be given several times. ETUDE_DATA adds more")
        ->type_name("DIR")
        ->allow_extra_args(false);
}

}  // namespace etude::cli

find_package(muparser REQUIRED)
set(libraries muparser::muparser)

# How every target of the framework is compiled.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release)
endif()

add_library(etude_options INTERFACE)
target_compile_options(etude_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow
  # Results are the same bits on every machine: no fused multiply-adds that the source does not ask for.
  -ffp-contract=off -fno-math-errno
  # GCC 12 sees overlaps in std::string's operator+ that are not there (GCC bug 105651).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>)
# Not under sanitizers: their checks make GCC see uninitialised values that are not there. The same files are compiled without.
if(ETUDE_WARNINGS_AS_ERRORS AND NOT ETUDE_SANITIZE)
  target_compile_options(etude_options INTERFACE -Werror)
endif()
if(ETUDE_SANITIZE)
  target_compile_options(etude_options INTERFACE -fsanitize=${ETUDE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(etude_options INTERFACE -fsanitize=${ETUDE_SANITIZE})
endif()

# etude_library(NAME DEPENDS target...): the library etude_NAME from every .cpp of framework/NAME; the folder's
# dependencies are the links, so that an include that the table in framework/README.md forbids does not link either.
function(etude_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_library(etude_${name} STATIC ${sources})
  target_include_directories(etude_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(etude_${name} PUBLIC etude_options ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE})
endfunction()

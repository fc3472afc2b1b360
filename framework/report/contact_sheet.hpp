// framework/report/contact_sheet.hpp - the first training images of each class, one row a class.
#pragma once
#include <string>

#include "data/dataset.hpp"

namespace etude {

std::string contact_sheet_svg(const Dataset& dataset);

}  // namespace etude

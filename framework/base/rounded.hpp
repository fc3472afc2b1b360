// framework/base/rounded.hpp - numbers for readers: four digits. What is stored, exported or pasted keeps all of them (base/text.hpp).
#pragma once
#include <string>

namespace etude {

/// Four significant digits, or no decimals from 10,000 to 10 million: for pictures and sentences.
std::string rounded(double value);
/// The text of a real number of more digits rounded to four; whole numbers, shorter ones and all other texts as they are.
std::string rounded_text(const std::string& text);

}  // namespace etude

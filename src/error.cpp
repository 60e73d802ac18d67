// SPDX-License-Identifier: Apache-2.0
#include "chatvim/error.hpp"

namespace chatvim {

std::string_view name_of(ErrorCode code) {
  switch (code) {
#define CHATVIM_X(enumerator, name, level, exit_code) \
  case ErrorCode::enumerator:                         \
    return name;
    CHATVIM_ERROR_CODES(CHATVIM_X)
#undef CHATVIM_X
  }
  return "internal";
}

Level level_of(ErrorCode code) {
  switch (code) {
#define CHATVIM_X(enumerator, name, level, exit_code) \
  case ErrorCode::enumerator:                         \
    return Level::level;
    CHATVIM_ERROR_CODES(CHATVIM_X)
#undef CHATVIM_X
  }
  return Level::kError;
}

std::string_view name_of(Level level) {
  switch (level) {
    case Level::kInfo:
      return "info";
    case Level::kWarn:
      return "warn";
    case Level::kError:
      return "error";
  }
  return "error";
}

int exit_code_of(ErrorCode code) {
  switch (code) {
#define CHATVIM_X(enumerator, name, level, exit_code) \
  case ErrorCode::enumerator:                         \
    return exit_code;
    CHATVIM_ERROR_CODES(CHATVIM_X)
#undef CHATVIM_X
  }
  return 1;
}

}  // namespace chatvim

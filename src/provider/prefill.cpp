// SPDX-License-Identifier: Apache-2.0
#include "chatvim/provider/table.hpp"

namespace chatvim::provider {

std::string_view name_of(Prefill prefill) {
  switch (prefill) {
    case Prefill::kNone:
      return "none";
    case Prefill::kPlain:
      return "plain";
    case Prefill::kPrefix:
      return "prefix";
    case Prefill::kPartial:
      return "partial";
    case Prefill::kContinueFinal:
      return "continue_final_message";
  }
  return "none";
}

std::optional<Prefill> prefill_of(std::string_view name) {
  for (const Prefill prefill : {Prefill::kNone, Prefill::kPlain, Prefill::kPrefix,
                                Prefill::kPartial, Prefill::kContinueFinal}) {
    if (name == name_of(prefill)) return prefill;
  }
  return std::nullopt;
}

}  // namespace chatvim::provider

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <utility>

namespace chatvim::testing {

/// Checks a property with at least `cases` generated cases; on failure prints the shrunk case and
/// how to reproduce it. RapidCheck's RC_PARAMS (seed, max_success, …) still applies. Used instead
/// of RapidCheck's own Catch header, which supports only Catch2 2.
template <class Property>
bool holds(const std::string& name, int cases, Property&& property) {
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  params.maxSuccess = std::max(params.maxSuccess, cases);
  rc::detail::TestMetadata metadata;
  metadata.id = name;
  metadata.description = name;
  const auto property_object = rc::detail::toProperty(std::forward<Property>(property));
  const auto result = rc::detail::checkProperty(property_object, metadata, params);
  const bool success = result.template is<rc::detail::SuccessResult>();
  if (!success) {
    std::cerr << "- " << name << '\n';
    rc::detail::printResultMessage(result, std::cerr);
    std::cerr << '\n';
  }
  return success;
}

}  // namespace chatvim::testing

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/json.hpp"
#include "chatvim/provider/usage.hpp"

namespace chatvim::provider {

/// What a model costs, in US dollars per million tokens.
struct Price {
  double input = 0;
  double output = 0;
  std::optional<double> cached_input;  ///< absent: same as `input`
};

/// The known facts about a model; unknown ones are absent.
struct Model {
  std::string provider;  ///< as in the table of providers
  std::string name;
  std::optional<std::int64_t> context;     ///< tokens
  std::optional<std::int64_t> max_output;  ///< tokens
  std::optional<bool> images;              ///< accepts pictures
  std::optional<bool> reasoning;
  std::optional<Price> price;
};

/// The facts in data/models.json, overridden by the corrections in the user's configuration: the
/// table `facts`, whose keys are PROVIDER/NAME and whose values have the data file's shape. Cheap
/// to construct: the data is parsed once per process, on first use.
class Catalogue {
 public:
  /// `corrections` is an object, possibly empty, and must outlive the catalogue.
  explicit Catalogue(const Json& corrections);

  /// Returns a model of a provider, or nothing if neither the data nor the user's corrections have
  /// it.
  std::optional<Model> find(std::string_view provider, std::string_view name) const;
  /// Returns all models of a provider: those in the data, in its order, then the user's additions.
  std::vector<Model> of(std::string_view provider) const;

  /// Returns the day on which the data was collected, as YYYY-MM-DD.
  static const std::string& date();
  /// Returns the model of a provider to use if no model is named; may be empty.
  static std::string default_model(std::string_view provider);
  /// Returns patterns of a provider's models that support only Responses. A `*` at either end of a
  /// pattern matches any text.
  static std::vector<std::string> responses_only(std::string_view provider);
  /// Returns a limit of output tokens that is safe for an unknown model: the smallest limit of the
  /// provider's models in the data, or of all providers' if the data has none for this one.
  static std::int64_t safe_max_output(std::string_view provider);

 private:
  const Json& corrections_;
};

/// Returns the cost of an answer in US dollars, from the price and the tokens, or nothing if either
/// is unknown. It is an estimate: the data lacks surcharges for very long chats and for cache
/// writes.
std::optional<double> cost_of(const Model& model, const provider::Usage& usage);

}  // namespace chatvim::provider

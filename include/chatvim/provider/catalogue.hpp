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
  std::optional<double> cached_input;  ///< absent: as `input`
};

/// What is known of a model; what is not known is absent.
struct Model {
  std::string provider;  ///< as in the table of providers
  std::string name;
  std::optional<std::int64_t> context;     ///< tokens
  std::optional<std::int64_t> max_output;  ///< tokens
  std::optional<bool> images;              ///< takes pictures
  std::optional<bool> reasoning;
  std::optional<Price> price;
};

/// The facts of data/models.json, with the corrections of a user's configuration laid over them:
/// the table `facts`, with keys PROVIDER/NAME and values of the data file's shape. Cheap to make:
/// the data is parsed once per process, when it is first needed.
class Catalogue {
 public:
  /// `corrections` is an object, maybe empty, and must outlive the catalogue.
  explicit Catalogue(const Json& corrections);

  /// A model of a provider, or nothing when neither the data nor the user knows it.
  std::optional<Model> find(std::string_view provider, std::string_view name) const;
  /// All models of a provider, those of the data in its order, then the user's new ones.
  std::vector<Model> of(std::string_view provider) const;

  /// The day on which the data was gathered, YYYY-MM-DD.
  static const std::string& date();
  /// The model to use of a provider where none is named; may be empty.
  static std::string default_model(std::string_view provider);
  /// Patterns (`*` at either end matches the rest) of a provider's models that speak only
  /// Responses.
  static std::vector<std::string> responses_only(std::string_view provider);
  /// A limit of output tokens that every model of the provider in the data takes, for a model that
  /// is not known; of any provider where the data has none of this one.
  static std::int64_t safe_max_output(std::string_view provider);

 private:
  const Json& corrections_;
};

/// What an answer cost in US dollars, from the price and the tokens; nothing where one of them is
/// not known. An estimate: higher prices of very long chats, and of writing to a cache, are not in
/// the data.
std::optional<double> cost_of(const Model& model, const provider::Usage& usage);

}  // namespace chatvim::provider

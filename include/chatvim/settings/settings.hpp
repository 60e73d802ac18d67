// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/json.hpp"
#include "chatvim/settings/diagnostic.hpp"

namespace chatvim::settings {

/// The language of a front matter.
enum class Language { kToml, kYaml };

/// Where a layer comes from: a document is not trusted with providers, addresses, headers and keys.
enum class Scope { kDocument, kConfiguration };

/// One layer of settings, parsed and checked: values as JSON, what was wrong with them beside it.
struct Layer {
  std::shared_ptr<const Json>
      values;  ///< an object; only keys that some setting has, of the right type
  std::vector<Diagnostic> diagnostics;  ///< in the order of their places
  /// Where a text has delimiters, for what only shows when layers lie over one another; no place,
  /// no entry.
  std::vector<std::pair<std::string, Mark>> delimiter_places = {};
  Scope scope = Scope::kConfiguration;  ///< whose it is
  /// A preset of the user's that a document chose: what it allows does not count, and it raises no
  /// limit.
  bool chosen_by_document = false;

  bool usable() const;  ///< true when no diagnostic is an error
};

/// Parses and checks a front matter. `first_line` is the line (from 1) in the document of the
/// text's first line; the diagnostics' lines and columns are the document's. Limits: 256 KiB of
/// text, 32 levels, 10,000 values.
Layer read_layer(Language language, std::string_view text, int first_line, Scope scope);

/// A layer from values that come as JSON (`setup()`, `vim.g.chatvim`, a dry run): checked like a
/// configuration's settings, without places; each message starts with the dotted path below `path`,
/// such as "settings.temperature". An empty list stands for an empty table too: Lua has one value
/// for both.
Layer check_layer(const Json& values, Scope scope, std::string_view path);

/// A layer from `KEY=VALUE` words (`--set`): a VALUE that reads as a TOML value is that, else it is
/// a string. A dotted KEY reaches into `body` and `providers`. A key that is no setting is an error
/// here: nobody else reads these words.
Layer read_assignments(std::span<const std::string> words);

/// Layers laid over one another, weakest first; a stronger layer's value replaces a weaker one's
/// (but a document's limit one that is lower, and its `omit` is added),
/// `body` and `providers` are merged key by key (of `body` the topmost keys, of `providers` the
/// rows and the `headers` and `body` in them). The format's delimiters are checked across layers:
/// the three must differ, the built-in ones included.
class Settings {
 public:
  explicit Settings(std::span<const Layer> layers);

  /// A string setting, or nothing when no layer has it.
  std::optional<std::string> string(std::string_view key) const;
  /// A number, or nothing when no layer has it.
  std::optional<double> number(std::string_view key) const;
  /// A list of strings, empty when no layer has it.
  std::vector<std::string> strings(std::string_view key) const;
  /// Parameters of a request that some layer names (temperature, max_tokens, …), in the schema's
  /// order.
  std::vector<std::pair<std::string, Json>> parameters() const;
  /// The table merged into the body as it is; an object, maybe empty.
  const Json& body() const;
  /// Keys to leave out of the body.
  std::vector<std::string> omit() const;
  /// What documents want of the request that no document may say by itself (see demands.hpp), as an
  /// object with `body`, `model` and `omit` where there is any; without what a stronger layer of
  /// the user's replaces.
  const Json& demands() const;
  /// A string setting in each layer of the user's own that has it.
  const std::vector<std::string>& own_strings(std::string_view key) const;
  /// The `[facts]` table of the configuration; an object, maybe empty.
  const Json& facts() const;
  /// The `[providers]` table of the configuration; an object, maybe empty.
  const Json& providers() const;
  /// What is wrong only when all layers are seen together; with its place where the strongest
  /// layer, the document, has a part in it.
  const std::vector<Diagnostic>& diagnostics() const;

 private:
  std::shared_ptr<const Json> values_;
  std::shared_ptr<const Json> demands_;
  std::map<std::string, std::vector<std::string>, std::less<>> own_strings_;
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace chatvim::settings

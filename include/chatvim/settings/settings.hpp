// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
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

/// The origin of a layer. A document is not trusted to set providers, URLs, headers or keys.
enum class Scope {
  kDocument,
  kConfiguration,  ///< a preset, the editor's settings, the command line
  kConfigFile      ///< config.md, the only place that defines programs to run as tools
};

/// One layer of settings, parsed and checked: the values as JSON, and the diagnostics.
struct Layer {
  std::shared_ptr<const Json> values;  ///< an object; only known keys with values of the right type
  std::vector<Diagnostic> diagnostics;  ///< sorted by position
  /// Where the layer sets delimiters, for errors that only show when layers are combined;
  /// delimiters without a known position are left out.
  std::vector<std::pair<std::string, Mark>> delimiter_places = {};
  Scope scope = Scope::kConfiguration;  ///< where it comes from
  /// A preset of the user's, chosen by a document: its `allow` is ignored and it cannot raise a
  /// limit.
  bool chosen_by_document = false;

  bool usable() const;  ///< true if no diagnostic is an error
};

/// Parses and checks a front matter. `first_line` is the line (from 1) of the document where the
/// text starts; diagnostics give lines and columns of the document. Limits: 256 KiB of text, 32
/// levels, 10,000 values.
Layer read_layer(Language language, std::string_view text, int first_line, Scope scope);

/// Makes a layer from JSON values (`setup()`, `vim.g.chatvim`, a dry run). They are checked like
/// the configuration's settings, but without positions; each message starts with the dotted path of
/// the key below `path`, such as "settings.temperature". An empty list may stand for an empty
/// table, since Lua cannot tell them apart.
Layer check_layer(const Json& values, Scope scope, std::string_view path);

/// Makes a layer from `KEY=VALUE` words (`--set`). VALUE is parsed as a TOML value if possible,
/// else taken as a string. A dotted KEY reaches into `body` and `providers`. An unknown key is an
/// error here, since nothing else reads these words.
Layer read_assignments(std::span<const std::string> words);

/// Merged layers, weakest first. A stronger layer's value replaces a weaker one's, except that a
/// document cannot raise a limit and that its `omit` is added. `body` and `providers` are merged
/// key by key (for `body` the top-level keys; for `providers` the rows, and the `headers` and
/// `body` in them). The format's delimiters are checked across layers: all three, including
/// built-in ones, must differ.
class Settings {
 public:
  explicit Settings(std::span<const Layer> layers);

  /// Returns a string setting, or nothing if no layer sets it.
  std::optional<std::string> string(std::string_view key) const;
  /// Returns a number, or nothing if no layer sets it.
  std::optional<double> number(std::string_view key) const;
  /// Returns true or false, or nothing if no layer sets it.
  std::optional<bool> boolean(std::string_view key) const;
  /// Returns a list of strings, empty if no layer sets it.
  std::vector<std::string> strings(std::string_view key) const;
  /// Returns which tools the chat may use: names of servers and of tools, or globs of them; nothing
  /// if no layer sets it.
  std::optional<std::vector<std::string>> tools() const;
  /// Returns the `[tools]` table of config.md, by the servers' names: an object, possibly empty.
  const Json& tool_servers() const;
  /// Returns the maximum number of requests of an answer with tools.
  std::size_t max_steps() const;
  /// Returns the request parameters that some layer sets (temperature, max_tokens, …), in schema
  /// order.
  std::vector<std::pair<std::string, Json>> parameters() const;
  /// Returns the table to merge verbatim into the request's body: an object, possibly empty.
  const Json& body() const;
  /// Returns the keys to leave out of the request's body.
  std::vector<std::string> omit() const;
  /// Returns the changes to the request that documents want but may not make without the user's
  /// consent (see demands.hpp): an object with `body`, `model` and `omit` as needed, without what a
  /// stronger layer of the user's replaces.
  const Json& demands() const;
  /// Returns a string setting as set by each of the user's own layers, weakest first.
  const std::vector<std::string>& own_strings(std::string_view key) const;
  /// Returns the `[facts]` table of the configuration: an object, possibly empty.
  const Json& facts() const;
  /// Returns the `[providers]` table of the configuration: an object, possibly empty.
  const Json& providers() const;
  /// Returns errors that only show when all layers are combined. They have a position if the
  /// strongest layer, the document, is involved.
  const std::vector<Diagnostic>& diagnostics() const;

 private:
  std::shared_ptr<const Json> values_;
  std::shared_ptr<const Json> tool_servers_;
  std::shared_ptr<const Json> demands_;
  std::map<std::string, std::vector<std::string>, std::less<>> own_strings_;
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace chatvim::settings

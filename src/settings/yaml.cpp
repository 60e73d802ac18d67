// SPDX-License-Identifier: Apache-2.0
#include "yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <exception>
#include <sstream>
#include <utility>

#include "chatvim/text/utf8.hpp"
#include "yaml_builder.hpp"

namespace chatvim::settings {
namespace {

/// Listens to nothing: for finding out where a text breaks.
class Deaf : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

/// Sends the text's events to the handler. Throws YAML::Exception and whatever the handler throws.
void run(std::string_view text, YAML::EventHandler& handler) {
  // The line `...` ends the document. Without it yaml-cpp 0.7 takes text in quotes that never ends
  // for a value, as long as a line break follows.
  std::string whole(text);
  if (!whole.empty() && whole.back() != '\n') whole += '\n';
  whole += "...\n";
  std::istringstream stream(std::move(whole));
  YAML::Parser parser(stream);
  // yaml-cpp makes documents without end of a token that it does not expect, and a second one is an
  // error anyway.
  for (int documents = 0; documents < 2 && parser.HandleNextDocument(handler); ++documents) {
  }
}

bool is_open_scalar(const YAML::Exception& error) {
  return error.msg == YAML::ErrorMsg::EOF_IN_SCALAR || error.msg == YAML::ErrorMsg::DOC_IN_SCALAR;
}

/// True when the text ends inside quotes.
bool ends_in_quotes(std::string_view text) {
  Deaf deaf;
  try {
    run(text, deaf);
  } catch (const YAML::Exception& error) {
    return is_open_scalar(error);
  } catch (const std::exception&) {
    return false;
  }
  return false;
}

/// True when the quote at `start` would find its end in `text`.
bool closes(std::string_view text, std::size_t start) {
  const char quote = text[start];
  for (std::size_t at = start + 1; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      const bool doubled = quote == '\'' && text.substr(at + 1, 1) == "'";
      if (!doubled) return true;
      ++at;
    }
  }
  return false;
}

/// Where the quotes open that `text` ends in: yaml-cpp names the end only. It is the first quote
/// that never closes, after which the text ends in quotes and before which it does not.
std::size_t find_open_quote(std::string_view text) {
  constexpr int kMostQuotes = 256;  // each costs a look at the rest
  constexpr int kMostParses = 8;
  std::size_t found = std::string_view::npos;
  std::size_t at = text.size();
  int parses = 0;
  for (int quotes = 0; quotes < kMostQuotes && parses < kMostParses; ++quotes) {
    at = at == 0 ? std::string_view::npos : text.find_last_of("\"'", at - 1);
    if (at == std::string_view::npos) break;
    if (closes(text, at)) continue;
    ++parses;
    if (ends_in_quotes(text.substr(0, at + 1)) && !ends_in_quotes(text.substr(0, at))) found = at;
  }
  return found;
}

/// The library's words in ours, where ours are plainer.
std::string explain_yaml(const std::string& message) {
  using namespace YAML::ErrorMsg;
  // clang-format off
  static const std::array<std::pair<std::string_view, std::string_view>, 9> kPlainer = {{
    {MAP_VALUE, "a colon does not belong here; text that holds one must stand in quotes"},
    {MAP_KEY, "a key does not belong here"},
    {UNKNOWN_TOKEN, "this character cannot start a value; the text must stand in quotes"},
    {END_OF_MAP, "this does not belong here"},
    {END_OF_SEQ, "this does not belong here"},
    {FLOW_END, "this bracket closes nothing"},
    {BLOCK_ENTRY, "a list cannot start here"},
    {TAB_IN_INDENTATION, "a tab cannot indent; use spaces"},
    {UNKNOWN_ANCHOR, "this alias names no anchor above it"},
  }};
  // clang-format on
  for (const auto& [theirs, ours] : kPlainer) {
    if (message == theirs) return fmt::format("This is not YAML: {}.", ours);
  }
  return fmt::format("This is not YAML: {}.", text::printable(message, 200));
}

Diagnostic parse_error(const Source& source, const YAML::Exception& error,
                       const YamlBuilder& builder) {
  const auto at = [&](Mark mark, std::string message) {
    return Diagnostic{mark, Severity::kError, std::move(message)};
  };
  const auto line = static_cast<std::size_t>(std::max(error.mark.line, 0));
  const auto column = static_cast<std::size_t>(std::max(error.mark.column, 0));
  if (is_open_scalar(error)) {
    const std::size_t end = std::min(source.offset_of(line) + column, source.text().size());
    const std::size_t start = find_open_quote(source.text().substr(0, end));
    const bool found = start != std::string_view::npos;
    return at(found ? source.at_offset(start) : builder.last_at(),
              "This is not YAML: the text in quotes that starts here never ends.");
  }
  const std::string_view text = source.line(line);
  const std::string_view indent = text.substr(0, text.find_first_not_of(" \t"));
  if (const std::size_t tab = indent.find('\t'); tab != std::string_view::npos) {
    return at(source.at_bytes(line, tab), explain_yaml(YAML::ErrorMsg::TAB_IN_INDENTATION));
  }
  if (error.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW ||
      error.msg == YAML::ErrorMsg::END_OF_MAP_FLOW) {
    return at(
        builder.open_at(),
        "This is not YAML: the bracket that opens here is not closed, or a comma is missing.");
  }
  // The library is two bytes further when it sees what follows the backslash.
  const bool escape = error.msg.starts_with(YAML::ErrorMsg::INVALID_ESCAPE) && column >= 2;
  return at(source.at_bytes(line, escape ? column - 2 : column), explain_yaml(error.msg));
}

}  // namespace

tl::expected<NodePtr, Diagnostic> parse_yaml(const Source& source) {
  if (auto wrong = source.check()) return tl::unexpected(std::move(*wrong));
  YamlBuilder builder(source);
  try {
    run(source.text(), builder);
  } catch (const YamlBuilder::Refusal& refusal) {
    return tl::unexpected(refusal.diagnostic);
  } catch (const YAML::Exception& error) {
    return tl::unexpected(parse_error(source, error, builder));
  } catch (const std::exception& error) {
    return tl::unexpected(
        Diagnostic{source.at_offset(0), Severity::kError, explain_yaml(error.what())});
  }
  NodePtr root = builder.root();
  if (!root || root->kind == Kind::kNull) {
    auto empty = std::make_shared<Node>();
    empty->kind = Kind::kTable;
    empty->at = source.at_offset(0);
    return empty;
  }
  if (root->kind != Kind::kTable) {
    return tl::unexpected(
        Diagnostic{root->at, Severity::kError,
                   fmt::format("The front matter must be a mapping of keys to values, not {}.",
                               describe(*root))});
  }
  return root;
}

}  // namespace chatvim::settings

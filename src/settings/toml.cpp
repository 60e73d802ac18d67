// SPDX-License-Identifier: Apache-2.0
#include "toml.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "chatvim/text/utf8.hpp"

static_assert(TOML_EXCEPTIONS, "parse errors are caught as exceptions");

namespace chatvim::settings {
namespace {

Diagnostic error_at(Mark at, std::string message) {
  return {at, Severity::kError, std::move(message)};
}

/// Turns toml++'s tree into nodes within the limits.
class Converter {
 public:
  explicit Converter(const Source& source) : source_(source) {}

  NodePtr convert(const toml::node& from, int depth) {
    auto node = std::make_shared<Node>();
    node->at = place(from.source().begin);
    const bool string = from.is_string();
    if (depth > kMaxDepth) return refuse(node->at, "This is nested too deeply.");
    if (!budget_.take(1, string ? from.as_string()->get().size() : 0)) {
      return refuse(node->at, "The front matter holds too many values.");
    }
    if (const auto* table = from.as_table()) return convert_table(*table, std::move(node), depth);
    if (const auto* array = from.as_array()) return convert_array(*array, std::move(node), depth);
    convert_scalar(from, *node);
    return node;
  }

  /// Why a conversion came to nothing.
  const Diagnostic& error() const { return error_; }

 private:
  Mark place(const toml::source_position& position) const {
    // The library counts from 1; 0 is a node that it made up, such as the root of an empty text.
    const auto from_zero = [](auto number) { return number > 0 ? number - 1U : 0U; };
    return source_.at_code_points(from_zero(position.line), from_zero(position.column));
  }

  NodePtr refuse(Mark at, std::string message) {
    error_ = error_at(at, std::move(message));
    return nullptr;
  }

  NodePtr convert_table(const toml::table& table, std::shared_ptr<Node> node, int depth) {
    node->kind = Kind::kTable;
    for (const auto& [key, value] : table) {
      NodePtr converted = convert(value, depth + 1);
      if (!converted) return nullptr;
      node->members.push_back(
          {std::string(key.str()), place(key.source().begin), std::move(converted)});
    }
    // The library keeps keys in the order of the alphabet.
    std::stable_sort(node->members.begin(), node->members.end(),
                     [](const Member& a, const Member& b) {
                       return std::tie(a.at.line, a.at.column) < std::tie(b.at.line, b.at.column);
                     });
    return node;
  }

  NodePtr convert_array(const toml::array& array, std::shared_ptr<Node> node, int depth) {
    node->kind = Kind::kList;
    for (const toml::node& item : array) {
      NodePtr converted = convert(item, depth + 1);
      if (!converted) return nullptr;
      node->items.push_back(std::move(converted));
    }
    return node;
  }

  static void convert_scalar(const toml::node& from, Node& node) {
    if (const auto* string = from.as_string()) {
      node.kind = Kind::kString;
      node.text = string->get();
    } else if (const auto* integer = from.as_integer()) {
      node.kind = Kind::kInteger;
      node.integer = integer->get();
    } else if (const auto* real = from.as_floating_point()) {
      node.kind = Kind::kReal;
      node.real = real->get();
    } else if (const auto* boolean = from.as_boolean()) {
      node.kind = Kind::kBoolean;
      node.boolean = boolean->get();
    } else {
      node.kind = Kind::kOther;
      node.text = from.is_time() ? "a time" : "a date";
    }
  }

  const Source& source_;
  Budget budget_;
  Diagnostic error_;
};

/// The library's words in ours, where ours are plainer.
std::string explain_toml(std::string_view description) {
  // clang-format off
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kPlainer = {{
    {"could not determine value type", "this is no value; text must stand in quotes"},
    {"control characters other than TAB", "the text in quotes must end on its line"},
    {"string: encountered end-of-file", "the text in quotes that starts here never ends"},
    {"encountered end-of-file", "something is missing before the end"},
  }};
  // clang-format on
  for (const auto& [theirs, ours] : kPlainer) {
    if (description.find(theirs) != std::string_view::npos) {
      return fmt::format("This is not TOML: {}.", ours);
    }
  }
  constexpr std::string_view kOpening = "Error while parsing ";
  if (description.starts_with(kOpening)) description.remove_prefix(kOpening.size());
  return fmt::format("This is not TOML: {}.", text::printable(description, 200));
}

Diagnostic parse_error(const Source& source, const toml::parse_error& error,
                       const TomlShape& shape) {
  const bool at_end = error.description().find("end-of-file") != std::string_view::npos;
  const toml::source_position& begin = error.source().begin;
  const bool known = begin.line > 0 && begin.column > 0;
  const Mark reported =
      known ? source.at_code_points(begin.line - 1U, begin.column - 1U) : source.at_offset(0);
  // Where something never ends, the place where it starts says more than the end of the text.
  return error_at(at_end && shape.unclosed ? *shape.unclosed : reported,
                  explain_toml(error.description()));
}

}  // namespace

tl::expected<NodePtr, Diagnostic> parse_toml(const Source& source) {
  if (auto wrong = source.check()) return tl::unexpected(std::move(*wrong));
  const TomlShape shape = scan_toml(source);
  if (shape.too_deep) {
    return tl::unexpected(error_at(*shape.too_deep, "This is nested too deeply."));
  }
  try {
    const toml::table table = toml::parse(source.text());
    Converter converter(source);
    NodePtr node = converter.convert(table, 1);
    if (!node) return tl::unexpected(converter.error());
    return node;
  } catch (const toml::parse_error& error) {
    return tl::unexpected(parse_error(source, error, shape));
  }
}

}  // namespace chatvim::settings

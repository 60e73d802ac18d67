// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "chatvim/schema/schema.hpp"
#include "chatvim/text/utf8.hpp"
#include "keywords.hpp"

namespace chatvim::schema {

namespace {

/// JSON whose objects are searched in logarithmic time; an answer may have any number of keys.
using Tree = nlohmann::json;

/// Limits of a check, which a schema of a few lines could make endless (`$ref` to itself, `anyOf`
/// in `anyOf`).
constexpr std::size_t kMostSteps = 2'000'000;
constexpr std::size_t kMostNesting = 250;
constexpr std::size_t kMostValueBytes = 60;

constexpr std::string_view kTooComplex = "it takes too long to check against the schema";

/// Returns a value in a few characters.
std::string shown(const Tree& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "a list";
  return text::printable(value.dump(-1, ' ', false, Tree::error_handler_t::replace),
                         kMostValueBytes);
}

bool is_whole(const Tree& value) {
  return value.is_number_integer() ||
         (value.is_number() && std::trunc(value.get<double>()) == value.get<double>());
}

bool is_of_type(const Tree& value, std::string_view type) {
  if (type == "string") return value.is_string();
  if (type == "number") return value.is_number();
  if (type == "integer") return is_whole(value);
  if (type == "boolean") return value.is_boolean();
  if (type == "null") return value.is_null();
  return type == "array" ? value.is_array() : value.is_object();
}

bool is_multiple(double value, double of) {
  if (of <= 0) return true;
  const double quotient = value / of;
  return std::abs(quotient - std::round(quotient)) <= 1e-9 * std::max(1.0, std::abs(quotient));
}

/// Returns the number of code points.
std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

/// Checks one answer. Stops at the first value that does not fit.
class Check {
 public:
  explicit Check(const Tree& root) : root_(root) {}

  /// Returns the first mismatch as a clause, or "".
  std::string run(const Tree& value) {
    const bool all = fits(root_, value);
    if (is_exhausted_) return std::string(kTooComplex);
    return all ? "" : problem_;
  }

 private:
  bool fits(const Tree& schema, const Tree& value) {
    if (schema.is_boolean()) return schema.get<bool>() || fail("must not be there");
    if (++steps_ > kMostSteps || nesting_ >= kMostNesting) is_exhausted_ = true;
    if (is_exhausted_) return false;
    ++nesting_;
    const bool all = fits_value(schema, value) && fits_number(schema, value) &&
                     fits_text(schema, value) && fits_list(schema, value) &&
                     fits_object(schema, value) && fits_schemas(schema, value);
    --nesting_;
    return all;
  }

  bool fits_value(const Tree& schema, const Tree& value) {
    if (const Tree* type = find(schema, "type"); type && !is_of_types(value, *type)) {
      return fail(fmt::format("is {}, but must be of type {}", shown(value),
                              type->is_string() ? type->get<std::string>() : type->dump()));
    }
    if (const Tree* wanted = find(schema, "const"); wanted && *wanted != value) {
      return fail(fmt::format("is {}, but must be {}", shown(value), shown(*wanted)));
    }
    const Tree* values = find(schema, "enum");
    if (values == nullptr || has(*values, value)) return true;
    return fail(
        fmt::format("is {}, but must be one of {}", shown(value),
                    text::printable(values->dump(-1, ' ', false, Tree::error_handler_t::replace),
                                    2 * kMostValueBytes)));
  }

  bool fits_number(const Tree& schema, const Tree& value) {
    if (!value.is_number()) return true;
    const Tree* limit = nullptr;
    if ((limit = find(schema, "minimum")) && value < *limit)
      return off_limit(value, "from", *limit);
    if ((limit = find(schema, "maximum")) && value > *limit) return off_limit(value, "to", *limit);
    if ((limit = find(schema, "exclusiveMinimum")) && value <= *limit) {
      return off_limit(value, "more than", *limit);
    }
    if ((limit = find(schema, "exclusiveMaximum")) && value >= *limit) {
      return off_limit(value, "less than", *limit);
    }
    limit = find(schema, "multipleOf");
    if (!limit || is_multiple(value.get<double>(), limit->get<double>())) return true;
    return off_limit(value, "a multiple of", *limit);
  }

  bool off_limit(const Tree& value, std::string_view words, const Tree& limit) {
    return fail(fmt::format("is {}, but must be {} {}", shown(value), words, shown(limit)));
  }

  bool fits_text(const Tree& schema, const Tree& value) {
    if (!value.is_string()) return true;
    return fits_count(schema, "Length", length_of(value.get_ref<const std::string&>()),
                      "characters");
  }

  /// Checks the keywords minNAME and maxNAME.
  bool fits_count(const Tree& schema, std::string_view name, std::size_t count,
                  std::string_view what) {
    const Tree* least = find(schema, "min" + std::string(name));
    const Tree* most = find(schema, "max" + std::string(name));
    if (least && count < least->get<std::uint64_t>()) {
      return fail(fmt::format("has {} {}, but must have at least {}", count, what, shown(*least)));
    }
    if (most && count > most->get<std::uint64_t>()) {
      return fail(fmt::format("has {} {}, but must have at most {}", count, what, shown(*most)));
    }
    return true;
  }

  bool fits_list(const Tree& schema, const Tree& value) {
    if (!value.is_array()) return true;
    if (!fits_count(schema, "Items", value.size(), "items")) return false;
    const Tree* first = find(schema, "prefixItems");
    const Tree* rest = find(schema, "items");
    const std::size_t prefix = first ? first->size() : 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
      const Tree* one = i < prefix ? &(*first)[i] : rest;
      if (one && !fits_at(std::to_string(i), *one, value[i])) return false;
    }
    const Tree* unique = find(schema, "uniqueItems");
    if (!unique || *unique != true || are_unique(value)) return true;
    return fail("has equal items");
  }

  bool fits_object(const Tree& schema, const Tree& value) {
    if (!value.is_object()) return true;
    if (!fits_count(schema, "Properties", value.size(), "properties")) return false;
    if (const Tree* required = find(schema, "required")) {
      for (const Tree& name : *required) {
        if (value.contains(name.get_ref<const std::string&>())) continue;
        return fail(fmt::format("lacks the property {}", shown(name)));
      }
    }
    const Tree* properties = find(schema, "properties");
    const Tree* more = find(schema, "additionalProperties");
    // Which of them are additional depends on regular expressions.
    if (schema.contains("patternProperties")) more = nullptr;
    for (const auto& [name, member] : value.items()) {
      const Tree* one = properties ? find(*properties, name) : nullptr;
      if (one == nullptr) one = more;
      if (one && !fits_at(name, *one, member)) return false;
    }
    return true;
  }

  bool fits_schemas(const Tree& schema, const Tree& value) {
    if (const Tree* reference = find(schema, "$ref")) {
      const Tree* target = follow(root_, *reference);
      if (target && !fits(*target, value)) return false;
    }
    if (const Tree* all = find(schema, "allOf")) {
      for (const Tree& one : *all) {
        if (!fits(one, value)) return false;
      }
    }
    if (const Tree* any = find(schema, "anyOf"); any && count_fits(*any, value, 1) == 0) {
      return fail("fits no schema of anyOf");
    }
    if (const Tree* some = find(schema, "oneOf")) {
      const std::size_t count = count_fits(*some, value, 2);
      if (count == 0) return fail("fits no schema of oneOf");
      if (count > 1) return fail("fits more than one schema of oneOf");
    }
    const Tree* wrong = find(schema, "not");
    return !wrong || !fits_silently(*wrong, value) || fail("fits the schema of not");
  }

  /// Counts the schemas that the value fits, up to `most`.
  std::size_t count_fits(const Tree& schemas, const Tree& value, std::size_t most) {
    std::size_t count = 0;
    for (const Tree& one : schemas) {
      if (fits_silently(one, value) && ++count == most) break;
    }
    return count;
  }

  bool fits_silently(const Tree& schema, const Tree& value) {
    const bool result = fits(schema, value);
    problem_.clear();
    return result;
  }

  bool fits_at(std::string_view key, const Tree& schema, const Tree& value) {
    const std::size_t size = path_.size();
    path_.append("/").append(key);
    const bool result = fits(schema, value);
    path_.resize(size);
    return result;
  }

  bool has(const Tree& values, const Tree& value) {
    steps_ += values.size();
    return std::find(values.begin(), values.end(), value) != values.end();
  }

  bool are_unique(const Tree& list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (++steps_ > kMostSteps) is_exhausted_ = true;
        if (is_exhausted_ || list[i] == list[j]) return false;
      }
    }
    return true;
  }

  static bool is_of_types(const Tree& value, const Tree& type) {
    const auto is_one = [&value](const Tree& name) {
      return is_of_type(value, name.get_ref<const std::string&>());
    };
    return type.is_string() ? is_one(type) : std::any_of(type.begin(), type.end(), is_one);
  }

  static const Tree* find(const Tree& object, const std::string& key) {
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
  }

  /// Records a clause about the value that is checked, and returns false.
  bool fail(std::string_view clause) {
    if (problem_.empty() && !is_exhausted_) {
      const std::string place =
          path_.empty() ? "it" : text::printable_name(path_, 2 * kMostValueBytes);
      problem_ = fmt::format("{} {}", place, clause);
    }
    return false;
  }

  const Tree& root_;
  std::string path_;     ///< of the value that is checked: its keys and indexes, each after a slash
  std::string problem_;  ///< the first mismatch
  std::size_t steps_ = 0;
  std::size_t nesting_ = 0;
  bool is_exhausted_ = false;
};

}  // namespace

std::string mismatch(const Schema& schema, std::string_view answer) {
  if (depth_of(answer) > kMostNesting) return std::string(kTooComplex);
  const Tree value = Tree::parse(answer, nullptr, false);
  if (value.is_discarded()) return "it is not JSON";
  const Tree root = *schema.value;
  return Check(root).run(value);
}

}  // namespace chatvim::schema

// SPDX-License-Identifier: Apache-2.0
#include "yaml_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "chatvim/text/utf8.hpp"
#include "yaml.hpp"

namespace chatvim::settings {
namespace {

/// What a value adds to a front matter when it is repeated.
struct Size {
  std::size_t values = 1;
  std::size_t bytes = 0;
  std::size_t depth = 1;

  void add(const Size& inner) {
    values += inner.values;
    bytes += inner.bytes;
    depth = std::max(depth, inner.depth + 1);
  }
};

/// Recursion ends: no node is deeper than `kMaxDepth`.
Size measure(const Node& node) {
  Size size;
  size.bytes = node.text.size();
  for (const NodePtr& item : node.items) size.add(measure(*item));
  for (const Member& member : node.members) {
    size.bytes += member.key.size();
    size.add(measure(*member.value));
  }
  return size;
}

constexpr const char* kTooDeep = "This is nested too deeply.";
/// A scalar in UTF-8. The front matter is, but yaml-cpp (0.7) turns the escapes `\N` and
/// `\_` into one byte each, U+0085 and U+00A0 as Latin-1 has them.
std::string in_utf8(std::string_view scalar) {
  std::string out;
  while (const auto at = text::find_invalid_utf8(scalar)) {
    const char byte = scalar[*at];
    out += scalar.substr(0, *at);
    out += byte == '\x85' || byte == '\xA0' ? std::string{'\xC2', byte} : "\uFFFD";
    scalar.remove_prefix(*at + 1);
  }
  return out.append(scalar);
}

constexpr const char* kTooMany = "The front matter holds too many values.";

}  // namespace

void YamlBuilder::OnDocumentStart(const YAML::Mark& mark) {
  if (started_)
    refuse(place(mark), "A front matter is one YAML document, and here a second one starts.");
  started_ = true;
}

void YamlBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const Mark at = place(mark);
  if (wants_key()) refuse(at, "The key is missing here.");
  // yaml-cpp takes a line without a colon for a key without a value, and gives both the same place.
  const bool lone = !open_.empty() && open_.back().has_key && open_.back().key_at.line == at.line &&
                    open_.back().key_at.column == at.column;
  if (lone) {
    refuse(at, fmt::format("A colon and a space are missing after the key {}.",
                           text::printable(open_.back().key, 60)));
  }
  auto node = std::make_shared<Node>();
  node->at = at;
  take(std::move(node), anchor);
}

void YamlBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const Mark at = place(mark);
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) refuse(at, "This alias stands inside the value that it repeats.");
  const NodePtr node = found->second;
  if (wants_key()) {
    if (node->kind != Kind::kString) refuse(at, "A key must be text.");
    take_key(node->text, at);
    return;
  }
  const Size size = measure(*node);
  if (open_.size() + size.depth > kMaxDepth) refuse(at, kTooDeep);
  if (!budget_.take(size.values - 1, size.bytes)) refuse(at, kTooMany);
  take(node, 0);
}

void YamlBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
  const std::string scalar = in_utf8(value);
  auto node = std::make_shared<Node>();
  node->at = place(mark);
  if (!budget_.take(0, scalar.size())) refuse(node->at, kTooMany);
  if (wants_key()) {
    if (anchor != 0) {
      node->kind = Kind::kString;
      node->text = scalar;
      anchors_[anchor] = node;
    }
    take_key(scalar, node->at);
    return;
  }
  resolve_yaml_scalar(tag, scalar, *node);
  take(std::move(node), anchor);
}

void YamlBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                                  YAML::anchor_t anchor, YAML::EmitterStyle::value) {
  open(Kind::kList, mark, tag, anchor);
}

void YamlBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value) {
  open(Kind::kTable, mark, tag, anchor);
}

Mark YamlBuilder::place(const YAML::Mark& mark) const {
  return source_.at_bytes(static_cast<std::size_t>(std::max(mark.line, 0)),
                          static_cast<std::size_t>(std::max(mark.column, 0)));
}

void YamlBuilder::refuse(Mark at, std::string message) {
  throw Refusal{{at, Severity::kError, std::move(message)}};
}

void YamlBuilder::open(Kind kind, const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor) {
  const Mark at = place(mark);
  // yaml-cpp also takes a bracket for the start of a key where the closing one is missing.
  if (wants_key()) refuse(at, "A key must be text, or a closing bracket is missing.");
  if (open_.size() >= kMaxDepth) refuse(at, kTooDeep);

  Open open;
  open.node = std::make_shared<Node>();
  open.node->kind = kind;
  open.node->at = at;
  open.anchor = anchor;
  const std::string own = kind == Kind::kList ? "tag:yaml.org,2002:seq" : "tag:yaml.org,2002:map";
  if (!tag.empty() && tag != "?" && tag != "!" && tag != own) open.foreign_tag = tag;
  last_ = at;
  open_.push_back(std::move(open));
}

void YamlBuilder::close() {
  Open done = std::move(open_.back());
  open_.pop_back();
  if (!done.foreign_tag.empty()) {
    done.node->kind = Kind::kOther;
    done.node->text = fmt::format("a value with the tag {}", text::printable(done.foreign_tag, 60));
  }
  take(std::move(done.node), done.anchor);
}

bool YamlBuilder::wants_key() const {
  return !open_.empty() && open_.back().node->kind == Kind::kTable && !open_.back().has_key;
}

void YamlBuilder::take_key(std::string key, Mark at) {
  Open& table = open_.back();
  if (!table.seen.insert(key).second) {
    refuse(at, fmt::format("The key {} is here for the second time.", text::printable(key, 60)));
  }
  last_ = at;
  table.key = std::move(key);
  table.key_at = at;
  table.has_key = true;
}

void YamlBuilder::take(NodePtr node, YAML::anchor_t anchor) {
  if (!budget_.take(1, 0)) refuse(node->at, kTooMany);
  if (anchor != 0) anchors_[anchor] = node;
  last_ = node->at;
  if (open_.empty()) {
    root_ = std::move(node);
  } else if (open_.back().node->kind == Kind::kList) {
    open_.back().node->items.push_back(std::move(node));
  } else {
    Open& table = open_.back();
    table.has_key = false;
    table.node->members.push_back({std::move(table.key), table.key_at, std::move(node)});
  }
}

}  // namespace chatvim::settings

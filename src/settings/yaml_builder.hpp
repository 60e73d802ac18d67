// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <map>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "node.hpp"
#include "source.hpp"

namespace chatvim::settings {

/// Builds nodes from yaml-cpp's events, so that limits hold while the text is read and not only
/// afterwards: repeated keys, keys that are no text, aliases that grow without end and second
/// documents end the reading at once. Only for the YAML files' own use.
class YamlBuilder : public YAML::EventHandler {
 public:
  /// What ends the reading; thrown through yaml-cpp and caught by `parse_yaml`.
  struct Refusal {
    Diagnostic diagnostic;
  };

  explicit YamlBuilder(const Source& source) : source_(source) {}

  /// The root, or null for an empty text.
  NodePtr root() const { return root_; }
  /// Where the innermost list or mapping that is still open starts, else where the last event was.
  Mark open_at() const { return open_.empty() ? last_ : open_.back().node->at; }
  /// Where the last event was.
  Mark last_at() const { return last_; }

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

 private:
  /// A list or mapping whose end has not come yet.
  struct Open {
    std::shared_ptr<Node> node;
    YAML::anchor_t anchor = 0;
    std::string foreign_tag;  ///< a tag that JSON has no form for
    bool has_key = false;     ///< a mapping's next value belongs to `key`
    std::string key;
    Mark key_at;
    std::unordered_set<std::string> seen;
  };

  Mark place(const YAML::Mark& mark) const;
  [[noreturn]] static void refuse(Mark at, std::string message);
  void open(Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor);
  void close();
  bool wants_key() const;
  void take_key(std::string key, Mark at);
  void take(NodePtr node, YAML::anchor_t anchor);

  const Source& source_;
  NodePtr root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, NodePtr> anchors_;
  Budget budget_;
  Mark last_;
  bool started_ = false;
};

}  // namespace chatvim::settings

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

namespace sallyport::base {

// A hash map whose copies share what they have in common. A copy costs one pointer; a change copies two tables of 64
// pointers and the entries that share a shard, one in 4,096 of all; comparing two versions skips what they share.
// Meant for up to a few million entries. Walked in no particular order. A value: one copy must not be changed while it
// is read, different copies are independent, whatever their threads. Any change invalidates iterators and references.
template <class Key, class Value, class Hash = std::hash<Key>>
class SharedMap {
 public:
  using key_type = Key;
  using mapped_type = Value;
  using value_type = std::pair<Key, Value>;
  class const_iterator;
  class Edit;

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  const_iterator begin() const { return const_iterator(root_.get(), 0, nullptr); }
  const_iterator end() const { return const_iterator(root_.get(), kShards, nullptr); }

  const_iterator find(const Key& key) const {
    const std::size_t index = shard_of(key);
    const Shard* shard = shard_at(root_.get(), index);
    if (shard == nullptr) return end();
    const auto at = place(*shard, key);
    if (at == shard->end() || at->first != key) return end();
    return const_iterator(root_.get(), index, &*at);
  }
  bool contains(const Key& key) const { return find(key) != end(); }
  // Throws std::out_of_range where there is no such key.
  const Value& at(const Key& key) const {
    const auto found = find(key);
    if (found == end()) throw std::out_of_range("SharedMap::at");
    return found->second;
  }

  // The value of a key, for assignment.
  struct Slot {
    SharedMap& map;
    const Key& key;
    template <class Given>
    void operator=(Given&& value) && {  // NOLINT(misc-unconventional-assign-operator)
      map.put(key, std::forward<Given>(value));
    }
  };
  Slot operator[](const Key& key) { return {*this, key}; }

  // By reference, as `emplace` too: the key may be read from what `value` points to after `value` is passed.
  template <class Given>
  void put(const Key& key, Given&& value) {
    Edit(*this).at(Key(key)) = std::forward<Given>(value);
  }
  // Keeps a value that is there.
  template <class Given>
  void emplace(const Key& key, Given&& value) {
    if (!contains(key)) put(key, std::forward<Given>(value));
  }
  void insert(const value_type& entry) { emplace(entry.first, entry.second); }
  // How many were erased: one or none.
  std::size_t erase(const Key& key) {
    if (!contains(key)) return 0;
    Edit(*this).erase(Key(key));  // it may lie in what the edit lets go of
    return 1;
  }
  void clear() { *this = {}; }

  // Calls `visit(before, after)` for each key whose values differ, with pointers to them; null where one has no such
  // key. Both stay unchanged meanwhile. Costs what the shards cost that are not shared.
  template <class Visit>
  static void differences(const SharedMap& before, const SharedMap& after, Visit visit) {
    if (before.root_ == after.root_) return;
    for (std::size_t index = 0; index < kShards; ++index) {
      if (index % kFan == 0 && branch_at(before, index) == branch_at(after, index)) {
        index += kFan - 1;
        continue;
      }
      const Shard* was = shard_at(before.root_.get(), index);
      const Shard* is = shard_at(after.root_.get(), index);
      if (was != is) merge(was, is, visit);
    }
  }

  friend bool operator==(const SharedMap& a, const SharedMap& b) {
    if (a.size_ != b.size_) return false;
    bool same = true;
    differences(a, b, [&](const value_type*, const value_type*) { same = false; });
    return same;
  }

 private:
  static constexpr std::size_t kFan = 64;
  static constexpr std::size_t kShards = kFan * kFan;
  using Shard = std::vector<value_type>;  // by key; never empty
  using Branch = std::array<std::shared_ptr<const Shard>, kFan>;
  using Root = std::array<std::shared_ptr<const Branch>, kFan>;

  static std::size_t shard_of(const Key& key) {
    // Multiplied, so that the upper bits are good whatever the hash.
    return static_cast<std::size_t>(std::uint64_t{Hash{}(key)} * 0x9e3779b97f4a7c15ULL >> 52);
  }
  static const Branch* branch_at(const SharedMap& map, std::size_t index) {
    return map.root_ == nullptr ? nullptr : (*map.root_)[index / kFan].get();
  }
  static const Shard* shard_at(const Root* root, std::size_t index) {
    if (root == nullptr) return nullptr;
    const Branch* branch = (*root)[index / kFan].get();
    return branch == nullptr ? nullptr : (*branch)[index % kFan].get();
  }
  template <class Entries>
  static auto place(Entries& shard, const Key& key) {
    return std::lower_bound(shard.begin(), shard.end(), key,
                            [](const value_type& entry, const Key& wanted) { return entry.first < wanted; });
  }
  template <class Visit>
  static void merge(const Shard* was, const Shard* is, Visit& visit) {
    static const Shard nothing;
    auto left = (was == nullptr ? nothing : *was).begin();
    const auto left_end = (was == nullptr ? nothing : *was).end();
    auto right = (is == nullptr ? nothing : *is).begin();
    const auto right_end = (is == nullptr ? nothing : *is).end();
    while (left != left_end || right != right_end) {
      if (right == right_end || (left != left_end && left->first < right->first)) {
        visit(&*left++, nullptr);
      } else if (left == left_end || right->first < left->first) {
        visit(nullptr, &*right++);
      } else {
        if (left->second != right->second) visit(&*left, &*right);
        ++left;
        ++right;
      }
    }
  }

  std::shared_ptr<const Root> root_;
  std::size_t size_ = 0;
};

template <class Key, class Value, class Hash>
class SharedMap<Key, Value, Hash>::const_iterator {  // NOLINT(readability-identifier-naming): as the library has it
 public:
  using iterator_category = std::forward_iterator_tag;
  using difference_type = std::ptrdiff_t;
  using value_type = SharedMap::value_type;
  using pointer = const value_type*;
  using reference = const value_type&;

  const_iterator() = default;
  reference operator*() const { return *at_; }
  pointer operator->() const { return at_; }
  const_iterator& operator++() {
    const Shard& shard = *shard_at(root_, index_);
    if (++at_ == shard.data() + shard.size()) {
      ++index_;
      at_ = nullptr;
      settle();
    }
    return *this;
  }
  const_iterator operator++(int) {
    const_iterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const const_iterator& a, const const_iterator& b) {
    return a.index_ == b.index_ && a.at_ == b.at_;
  }

 private:
  friend class SharedMap;
  const_iterator(const Root* root, std::size_t index, pointer at) : root_(root), index_(index), at_(at) {
    if (at_ == nullptr) settle();
  }
  // To the first entry of the first shard from here on.
  void settle() {
    for (; index_ < kShards; ++index_) {
      if (root_ == nullptr || (*root_)[index_ / kFan] == nullptr) {
        index_ += kFan - 1 - index_ % kFan;
      } else if (const Shard* shard = shard_at(root_, index_)) {
        at_ = shard->data();
        return;
      }
    }
  }

  const Root* root_ = nullptr;
  std::size_t index_ = kShards;
  pointer at_ = nullptr;
};

// Many changes of one map: what they touch is copied once. The map is changed by nothing else meanwhile, and holds
// what was changed at any time. Keys passed are no references into the map.
template <class Key, class Value, class Hash>
class SharedMap<Key, Value, Hash>::Edit {
 public:
  explicit Edit(SharedMap& map) : map_(map) {}

  // The value of the key, made where there is none. Good until the next call.
  Value& at(const Key& key) {
    Shard& shard = own(shard_of(key));
    auto at = place(shard, key);
    if (at == shard.end() || at->first != key) {
      at = shard.emplace(at, key, Value{});
      ++map_.size_;
    }
    return at->second;
  }
  void erase(const Key& key) {
    const std::size_t index = shard_of(key);
    if (shard_at(map_.root_.get(), index) == nullptr) return;
    Shard& shard = own(index);
    const auto at = place(shard, key);
    if (at != shard.end() && at->first == key) {
      shard.erase(at);
      --map_.size_;
    }
    if (!shard.empty()) return;
    (*branches_[index / kFan]->branch)[index % kFan].reset();
    branches_[index / kFan]->shards[index % kFan] = nullptr;
  }

 private:
  // A branch of the edit's own, and those of its shards that are its own too.
  struct OwnBranch {
    Branch* branch = nullptr;
    std::array<Shard*, kFan> shards{};
  };

  Shard& own(std::size_t index) {
    if (root_ == nullptr) {
      const auto copy = map_.root_ == nullptr ? std::make_shared<Root>() : std::make_shared<Root>(*map_.root_);
      root_ = copy.get();
      map_.root_ = copy;
    }
    auto& branch = branches_[index / kFan];
    if (branch == nullptr) {
      auto& present = (*root_)[index / kFan];
      const auto copy = present == nullptr ? std::make_shared<Branch>() : std::make_shared<Branch>(*present);
      branch = std::make_unique<OwnBranch>();
      branch->branch = copy.get();
      present = copy;
    }
    Shard*& shard = branch->shards[index % kFan];
    if (shard == nullptr) {
      auto& present = (*branch->branch)[index % kFan];
      const auto copy = present == nullptr ? std::make_shared<Shard>() : std::make_shared<Shard>(*present);
      shard = copy.get();
      present = copy;
    }
    return *shard;
  }

  SharedMap& map_;
  Root* root_ = nullptr;
  std::array<std::unique_ptr<OwnBranch>, kFan> branches_{};
};

}  // namespace sallyport::base

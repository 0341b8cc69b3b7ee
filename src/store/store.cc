#include "store/store.h"

namespace sallyport::store {

Entity::Entity(const Entity& other) = default;
Entity::Entity(Entity&& other) noexcept = default;
Entity& Entity::operator=(const Entity& other) = default;
Entity& Entity::operator=(Entity&& other) noexcept = default;
Entity::~Entity() = default;

EntityId::EntityId(const EntityId& other) = default;
EntityId::EntityId(EntityId&& other) noexcept = default;
EntityId& EntityId::operator=(const EntityId& other) = default;
EntityId& EntityId::operator=(EntityId&& other) noexcept = default;
EntityId::~EntityId() = default;

}  // namespace sallyport::store

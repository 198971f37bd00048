// Owns how a token looks on the wire: everything but its secret, which is not kept.
import type { TokenView } from '../../db/views/tokens-view';
import { wireTime, wireTimeOrNull } from '../wire-time';

export function presentToken(token: TokenView): object {
  return {
    id: token.id,
    name: token.name,
    scopes: token.scopes,
    status: token.status,
    created_at: wireTime(token.createdAt),
    created_by: token.createdBy && { ...token.createdBy },
    expires_at: wireTimeOrNull(token.expiresAt),
    last_used_at: wireTimeOrNull(token.lastUsedAt),
    revoked_at: wireTimeOrNull(token.revokedAt),
    revoked_by: token.revokedBy && { ...token.revokedBy },
  };
}

//! Names of columns in exports, as `table::plain` writes them, the clearest first: of BIG-IP, BIG-IQ, Active Directory, Entra,
//! PowerShell and Excel, in English, German, French, Spanish and Japanese.

/// A user name, surely.
pub(crate) const USER_NAMES: &str = "samaccountname logonuser logonusername username userprincipalname upn logonname \
    userlogonname userlogonnameprewindows2000 loginname loginid login logon sessionlogonlastusername accountname \
    benutzername anmeldename benutzeranmeldename benutzerprinzipalname samkontoname kontoname \
    nomdutilisateur nomdouverturedesession nomdouverturedesessiondelutilisateur nomdeconnexion nomprincipaldelutilisateur nomdutilisateurprincipal nomducompte \
    nombredeusuario nombredeiniciodesesion nombredeiniciodesesiondeusuario nombreprincipaldeusuario nombredecuenta \
    ユーザー名 ユーザ名 ログオン名 ユーザーログオン名 ユーザープリンシパル名 ログイン名 アカウント名";

/// Perhaps a user name: also used for a person's name or another id.
pub(crate) const USERS: &str = "user account userid uid identity benutzer konto utilisateur identifiant compte usuario cuenta \
    ユーザー ユーザ アカウント ユーザーid ログインid";

/// A session id.
pub(crate) const SESSION_IDS: &str = "sessionid sessionkey sid session id sessionids apmsessionid accesssessionid sessionkennung \
    sitzungsid sitzungskennung sitzung iddesession identifiantdesession idsession iddesesion identificadordesesion sesion \
    セッションid セッション";

/// A device.
pub(crate) const DEVICES: &str = "machineid deviceid devicereference device devicename bigip bigipname bigiphostname hostname host unit \
    deviceaddress managementaddress deviceip address gerat geratename rechnername appareil equipement peripherique nomdhote \
    hote dispositivo equipo nombredehost nombredelhost デバイス デバイス名 機器 装置 ホスト名 ホスト";

/// A cluster or an access group.
pub(crate) const UNITS: &str =
    "target targets cluster clustername accessgroup accessgroupname group groupname";
